package flotilla.ops.admin;

import java.util.List;

/** The answers to probes and to Prometheus. They need no token. */
public interface Health {
    /** Returns the reasons why a balancer should send no clients here; empty when the node is ready. */
    List<String> unready();

    /** Returns all metrics in Prometheus' text format. May block for a moment. */
    String metrics();
}
