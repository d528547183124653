package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The conditions of a request (RFC 9110, section 13): values of its headers, empty for those that it does not have.
 *
 * @param ifMatch entity tags of which the object must have one, or {@code *} for an object that exists
 * @param ifNoneMatch entity tags of which the object must have none, or {@code *} for an object that does not exist
 */
record Conditions(String ifMatch, String ifNoneMatch) {
    /** The conditions of a request without any. */
    static final Conditions NONE = new Conditions("", "");

    private static final String ANY = "*";
    private static final String WEAK = "W/";
    private static final int TAG_BYTES = 16;

    /** Returns the strong entity tag of the stored version of an object: a hash of its canonical form. */
    static String tag(JsonNode version) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(version.toString().getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isEmpty() {
        return ifMatch.isEmpty() && ifNoneMatch.isEmpty();
    }

    /** Returns whether the object may only be made, not changed. */
    boolean onlyNew() {
        return ifNoneMatch.strip().equals(ANY);
    }

    /**
     * Refuses a change whose conditions the object does not meet.
     *
     * @param tag of the object as it is; empty when there is none
     * @throws ApiException status 412
     */
    void check(Optional<String> tag) {
        if (!ifMatch.isEmpty() && tag.filter(now -> has(ifMatch, now)).isEmpty()) {
            throw failed("it is not the version that If-Match names: get it again");
        }
        if (!ifNoneMatch.isEmpty() && tag.filter(now -> has(ifNoneMatch, now)).isPresent()) {
            throw failed("it exists already, and If-None-Match forbids that");
        }
    }

    /** Returns the error for a change that came second: another one, perhaps on another node, was stored meanwhile. */
    static ApiException overtaken() {
        return failed("it was changed at the same time by somebody else: get it again");
    }

    private static ApiException failed(String why) {
        return new ApiException(412, "precondition-failed", why);
    }

    /** Returns whether the caller of a GET has this version already, so that no body is needed. */
    boolean isKnown(String tag) {
        return !ifNoneMatch.isEmpty() && has(ifNoneMatch, tag);
    }

    private static boolean has(String list, String tag) {
        return list.strip().equals(ANY)
                || Arrays.stream(list.split(","))
                        .map(String::strip)
                        .anyMatch(one -> !one.startsWith(WEAK) && one.equals(tag));
    }
}
