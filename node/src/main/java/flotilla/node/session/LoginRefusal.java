package flotilla.node.session;

import flotilla.node.auth.LoginSettings;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.protocol.Reply;

/**
 * The consequences of a refused login.
 *
 * @param reply the reply to the client
 * @param counts true when the refusal may be a wrong guess: it costs a delay and one of the attempts
 * @param closes true when the connection ends
 */
record LoginRefusal(Reply reply, boolean counts, boolean closes) {
    /** The reply may name the cause, because the password was right. */
    static final String HOME_FAILED = "Your home directory cannot be opened now: please tell the administrator.";

    static LoginRefusal of(LoginFailure why, int failures, LoginSettings settings) {
        return switch (why) {
            case TOO_MANY_SESSIONS ->
                new LoginRefusal(Reply.of(421, "Too many sessions of this user, please try again later."), false, true);
            case BANNED -> new LoginRefusal(Reply.of(421, "Your address is banned for a while."), false, true);
            case BUSY, DIRECTORY_FAILED ->
                new LoginRefusal(
                        Reply.of(421, "Logins are not possible right now, please try again later."), false, true);
            case HOME_FAILED -> new LoginRefusal(Reply.of(421, HOME_FAILED), false, true);
            case TLS_REQUIRED -> new LoginRefusal(Reply.of(530, "This user must use TLS."), false, false);
            case NOT_LISTED ->
                failures >= settings.maxAttempts()
                        ? incorrect(failures, settings)
                        : new LoginRefusal(Reply.of(530, "Permission denied."), true, false);
            case UNKNOWN_USER, WRONG_PASSWORD, DISABLED, EXPIRED, ADDRESS_NOT_ALLOWED -> incorrect(failures, settings);
        };
    }

    private static LoginRefusal incorrect(int failures, LoginSettings settings) {
        return failures >= settings.maxAttempts()
                ? new LoginRefusal(Reply.of(421, "Login incorrect, too many attempts."), true, true)
                : new LoginRefusal(Reply.of(530, "Login incorrect."), true, false);
    }
}
