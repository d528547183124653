package flotilla.node.access;

/** Why a list in a file cannot be used, for people. The message names the file and, where there is one, the line. */
public final class ListProblem extends Exception {
    private static final long serialVersionUID = 1L;

    ListProblem(String message) {
        super(message);
    }
}
