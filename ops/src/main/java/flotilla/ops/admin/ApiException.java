package flotilla.ops.admin;

/** An error for the caller: a status of HTTP, a code for programs and a message for people. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    ApiException(int status, String code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static ApiException badRequest(String message) {
        return new ApiException(400, "bad-request", message);
    }

    static ApiException notFound(String message) {
        return new ApiException(404, "not-found", message);
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
