package flotilla.ops.admin;

/** What a token allows. */
public enum Role {
    /** Looking. */
    VIEWER,
    /** Looking and changing. */
    OPERATOR;

    boolean includes(Role other) {
        return this == OPERATOR || other == VIEWER;
    }
}
