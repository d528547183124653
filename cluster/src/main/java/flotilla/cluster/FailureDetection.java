package flotilla.cluster;

/** How soon a node that says nothing counts as gone. Which to take depends on how long a healthy node may be silent. */
public enum FailureDetection {
    /** Silent sessions are back after about 13 s; bears pauses of 9 s, nodes of unequal load and tens of nodes. */
    STANDARD,
    /** After about 7 s; for up to five nodes on one quiet network whose pauses stay below 3 s. */
    FAST
}
