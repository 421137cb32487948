-- Sends the requests of the file given as the first argument, one a line, from a place of its own.
local requests = {}
local at = 0
function init(args)
  for line in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", line, {Accept = args[2]})
  end
  at = tonumber(args[3]) % #requests
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency, _)
  io.write(string.format(
    '{"seconds": %.3f, "requests": %d, "p50": %.3f, "p99": %.3f, "refused": %d, "failed": %d}\n',
    summary.duration / 1e6, summary.requests, latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
