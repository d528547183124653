package flotilla.cluster.wire;

/** Marks a message that may travel between nodes; its class is in the table of wire types. */
public interface Wire {}
