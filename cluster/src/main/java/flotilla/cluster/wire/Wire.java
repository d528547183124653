package flotilla.cluster.wire;

/** Marks a message that may travel between nodes. Its class must be in the table of wire types. */
public interface Wire {}
