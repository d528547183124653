package flotilla.ops.admin;

import java.util.List;

/** What probes and Prometheus are told; no token is needed. */
public interface Health {
    /** Why a balancer should send nothing here; empty when it should. */
    List<String> unready();

    /** All metrics in Prometheus' text format. May block for a moment. */
    String metrics();
}
