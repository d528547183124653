package flotilla.ops.doctor;

import java.util.List;

/** Looks at one thing. It changes nothing, except for a file of its own. It may block; the caller bounds it. */
@FunctionalInterface
interface Check {
    /**
     * Looks.
     *
     * @return what was found; empty when there is nothing to look at
     * @throws Exception when it cannot look
     */
    List<Outcome> look(Patient patient) throws Exception;
}
