package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Reading;
import java.util.List;

/**
 * Something on this node that alerts are made of. A rule names the {@linkplain Reading#kind kind} of its readings.
 */
public interface Watched {
    /**
     * Reads the present values. It is called about once a second on a thread for this, and should not block for long.
     *
     * @throws Exception when nothing is known now; the former readings then hold
     */
    List<Reading> read() throws Exception;
}
