package flotilla.cluster;

/** How soon a silent node counts as gone. The choice depends on how long a healthy node may be silent. */
public enum FailureDetection {
    /**
     * Sessions of a silent node run again after about 13 s. Use this for tens of nodes, unequal load, and pauses of up
     * to 9 s.
     */
    STANDARD,
    /**
     * Sessions of a silent node run again after about 7 s. Use this for up to five nodes on one quiet network, with
     * pauses below 3 s.
     */
    FAST
}
