package flotilla.ops.admin;

import java.util.List;
import java.util.Map;

/** An error for the caller: a status of HTTP, a code for programs and a message for people. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String ALLOW = "Allow";

    private final int status;
    private final String code;
    /** The methods that may be used instead, for status 405; empty for any other. */
    private final String allowed;

    ApiException(int status, String code, String message) {
        this(status, code, message, "");
    }

    private ApiException(int status, String code, String message, String allowed) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.allowed = allowed;
    }

    /** Returns the error for a method that the object does not have. The answer names those that it has. */
    static ApiException otherMethod(List<String> allowed) {
        String use = "use " + String.join(" or ", allowed);
        return new ApiException(405, "method-not-allowed", use, String.join(", ", allowed));
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, "bad-request", message);
    }

    static ApiException notFound(String message) {
        return new ApiException(404, "not-found", message);
    }

    /** Returns the headers of the answer, by name (RFC 9110, section 15.5.6). */
    Map<String, String> headers() {
        return allowed.isEmpty() ? Map.of() : Map.of(ALLOW, allowed);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    /** Returns the result for the audit log: the code of a refusal, or the message of a failure. */
    String forAudit() {
        boolean isRefusal = code.equals("forbidden") || code.equals("not-found");
        return isRefusal ? code : "failed: " + text();
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
