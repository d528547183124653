package flotilla.node.overview;

/** What a node does when its drain has ended. */
public enum AfterDrain {
    /** Its process ends. */
    END,
    /** It stays a member without work, until it is told otherwise. */
    STAY,
    /** Its process ends with an exit code that asks the supervisor for another start. */
    RESTART
}
