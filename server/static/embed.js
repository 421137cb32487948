/* <maillage-embed src="https://…/embed/…"> shows an embed in the page, in the page's own font.
   Attributes: src; view, lang, theme (light, dark, auto), colour. What stands in the element is
   shown until the embed has come, and stays where it cannot come. Frames of the same site get the
   height that they tell. No cookie, no storage, one request to the site that src names. */
(function () {
  'use strict';
  var looks = ['view', 'lang', 'theme', 'colour'];
  var script = document.currentScript && document.currentScript.src;

  function addressOf(element) {
    var url = new URL(element.getAttribute('src') || '', script || location.href);
    if (!/^https?:$/.test(url.protocol)) return null;
    looks.forEach(function (name) {
      var value = element.getAttribute(name);
      if (value) url.searchParams.set(name, value.replace(/^#/, ''));
    });
    if (!/\.fragment$/.test(url.pathname)) url.pathname += '.fragment';
    url.hash = '';
    return url.href;
  }

  function show(element, text) {
    var part = new DOMParser().parseFromString(text, 'text/html');
    var main = part.querySelector('main.maillage');
    if (!main) return;
    var style = part.querySelector('style');
    var root = element.shadowRoot || element.attachShadow({ mode: 'open' });
    root.replaceChildren();
    // A sheet made here is admitted where the page's policy refuses inline styles.
    if (style && 'adoptedStyleSheets' in root && window.CSSStyleSheet) {
      var sheet = new CSSStyleSheet();
      sheet.replaceSync(style.textContent);
      root.adoptedStyleSheets = [sheet];
    } else if (style) {
      root.appendChild(document.importNode(style, true));
    }
    main.querySelectorAll('script,iframe,object,embed').forEach(function (each) { each.remove(); });
    main.querySelectorAll('a[href]').forEach(function (each) { each.target = '_blank'; });
    root.appendChild(document.importNode(main, true));
    element.dispatchEvent(new CustomEvent('maillage:shown', { bubbles: true }));
  }

  class MaillageEmbed extends HTMLElement {
    static get observedAttributes() { return ['src'].concat(looks); }
    connectedCallback() { this.ask(); }
    attributeChangedCallback() { if (this.isConnected) this.ask(); }
    ask() {
      var element = this;
      clearTimeout(element.waiting);
      element.waiting = setTimeout(function () {
        var address = null;
        try { address = addressOf(element); } catch (error) { return; }
        if (!address) return;
        fetch(address, { credentials: 'omit', headers: { Accept: 'text/html' } })
          .then(function (answer) { return answer.text(); })
          .then(function (text) { show(element, text); })
          .catch(function () { /* what stands in the element stays */ });
      });
    }
  }
  if (window.customElements && !customElements.get('maillage-embed')) {
    customElements.define('maillage-embed', MaillageEmbed);
  }

  addEventListener('message', function (event) {
    var told = event.data;
    if (!told || told.type !== 'maillage:height' || !(told.height > 0)) return;
    document.querySelectorAll('iframe').forEach(function (frame) {
      if (frame.contentWindow === event.source) frame.style.height = Math.min(told.height, 4000) + 'px';
    });
  });
})();
