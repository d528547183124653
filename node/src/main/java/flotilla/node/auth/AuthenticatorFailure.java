package flotilla.node.auth;

/** An authenticator could not be asked. The log tells of it already. */
public final class AuthenticatorFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AuthenticatorFailure(String message) {
        super(message, null, false, false);
    }
}
