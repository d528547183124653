package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The API for pages of the same process. A call takes the way of every other request: the same roles, checks and audit
 * records.
 */
public interface Door {
    /**
     * The holder of a token.
     *
     * @param name name of the token
     * @param hash hash of the token, which nobody can sign in with
     * @param until time from which the token is worthless
     */
    record Visitor(String name, Role role, String hash, Instant until) {
        /** Omits the hash. */
        @Override
        public String toString() {
            return "Visitor[" + name + ", " + role + "]";
        }
    }

    /**
     * An answer of the API.
     *
     * @param version entity tag of the object of the answer; empty when it has none
     */
    record Reply(int status, JsonNode json, String version) {
        /** Whether the call did what it was asked for. */
        public boolean isGood() {
            return status < 300;
        }

        /** Returns the sentence of an error. */
        public String message() {
            return json.path("message").asText(json.path("detail").asText("the request failed"));
        }
    }

    /** Returns the holder of a token; empty when it is not valid, or for a part of the API only. May read a file. */
    Optional<Visitor> visitor(String token);

    /**
     * Returns whether the token of this hash is valid at this node, for the whole API and for all that a role allows. May
     * read a file.
     */
    boolean isValid(String hash, Role role);

    /**
     * Makes a call. The stage never fails.
     *
     * @param from address of the client
     * @param path segments below {@code /api/v1}
     * @param body JSON; empty for none
     */
    CompletionStage<Reply> call(
            Visitor visitor, String from, String method, List<String> path, Map<String, String> query, String body);

    /**
     * Replaces an object that still is the version that somebody has seen. Otherwise the status is 412, and nothing is
     * changed. The stage never fails.
     *
     * @param from address of the client
     * @param path segments below {@code /api/v1}
     * @param body JSON
     * @param version as in {@link Reply#version}
     */
    CompletionStage<Reply> replace(Visitor visitor, String from, List<String> path, String body, String version);

    /**
     * Writes an audit record about something that is no call.
     *
     * @param result {@code ok}, or the code of a refusal
     */
    void audit(String who, String from, String action, String target, String result);
}
