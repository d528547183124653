package flotilla.ops.console;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A user as the pages show him.
 *
 * @param maxSessions most sessions at once; 0 for no limit of his own
 * @param quotaBytes most bytes; 0 for no limit
 * @param quotaFiles most files; 0 for no limit
 */
public record UserRow(
        String name,
        String home,
        String group,
        boolean enabled,
        boolean readOnly,
        boolean admin,
        long maxSessions,
        long quotaBytes,
        long quotaFiles,
        String expires) {
    /** A user who is to be added. */
    static final UserRow EMPTY = new UserRow("", "", "", true, false, false, 0, 0, 0, "");

    static UserRow of(JsonNode user) {
        return new UserRow(
                user.path("name").asText(),
                user.path("home").asText(),
                user.path("group").asText(""),
                user.path("enabled").asBoolean(),
                user.path("readOnly").asBoolean(),
                user.path("admin").asBoolean(),
                user.path("maxSessions").asLong(),
                user.path("quotaBytes").asLong(),
                user.path("quotaFiles").asLong(),
                user.path("expires").asText(""));
    }

    /** Returns the quota for people. */
    public String quota() {
        String bytes = quotaBytes == 0 ? "" : Text.bytes(quotaBytes);
        String files = quotaFiles == 0 ? "" : quotaFiles + " files";
        return bytes.isEmpty() || files.isEmpty() ? bytes + files : bytes + ", " + files;
    }
}
