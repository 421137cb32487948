import java.io.File;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** Says what the OWL API and HermiT find against each ontology file (RDF/XML): one line each,
 *  the file, the rule and the finding between tabs. Silence means that everything holds. */
class Profiles {
    public static void main(String[] files) throws Exception {
        for (String file : files) {
            OWLOntology ontology =
                OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            for (OWLProfile profile : new OWLProfile[] {new OWL2DLProfile(), new OWL2RLProfile()}) {
                for (OWLProfileViolation found : profile.checkOntology(ontology).getViolations()) {
                    say(file, profile.getName(), found);
                }
            }
            say(file, "axioms", ontology.getLogicalAxiomCount());
            try {
                Reasoner reasoner = new Reasoner(ontology);
                if (!reasoner.isConsistent()) {
                    say(file, "consistent", ontology.getOntologyID());
                    continue;
                }
                for (OWLClass found : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
                    say(file, "satisfiable", found);
                }
            } catch (RuntimeException refused) { // HermiT takes OWL 2 DL only
                say(file, "OWL 2 DL", refused);
            }
        }
    }

    private static void say(String file, String rule, Object finding) {
        System.out.println(file + "\t" + rule + "\t" + finding.toString().replaceAll("\\s+", " "));
    }
}
