package flotilla.ops.admin;

import flotilla.ops.admin.Requests.Request;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.local.Caller;
import java.time.Instant;
import java.util.List;

/** Who may ask what: by the token of a request, its role, its scope and its end. */
final class Access {
    private final Tokens tokens;

    Access(Tokens tokens) {
        this.tokens = tokens;
    }

    /**
     * Returns the token of a request.
     *
     * @throws ApiException status 401 without a valid one, and after its end
     */
    Token token(Request request) {
        Token token = tokens.of(request.authorization())
                .orElseThrow(() -> new ApiException(401, "unauthorized", "a valid token is needed"));
        if (token.isExpired(Instant.now())) {
            throw new ApiException(
                    401,
                    "expired",
                    "the token " + token.name() + " expired at " + token.expires() + ": make a new one");
        }
        return token;
    }

    /**
     * Refuses a request for which the token is not enough.
     *
     * @param segments of the path, below {@code /api/v1}
     * @throws ApiException status 403
     */
    void check(Token token, Route route, List<String> segments) {
        if (!token.role().includes(route.role())) {
            throw new ApiException(
                    403,
                    "forbidden",
                    "the token " + token.name() + " is not one of the role "
                            + route.role().text());
        }
        if (!token.isFor(segments) && !route.path().equals(ApiDocument.PATH)) {
            throw new ApiException(
                    403, "forbidden", "the token " + token.name() + " is only for " + String.join(", ", token.scope()));
        }
    }

    /** Returns true for a command of this machine, which names its caller. */
    private boolean isCommand(Token token, Request request) {
        return tokens.isLocal(token) && !request.caller().isEmpty();
    }

    /** Returns who asks, for the audit log. */
    String who(Token token, Request request) {
        return isCommand(token, request) ? request.caller() : token.name();
    }

    /** Returns from where, for the audit log. */
    String from(Token token, Request request) {
        return isCommand(token, request) ? Caller.PLACE : request.from();
    }
}
