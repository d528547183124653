package flotilla.ops.admin;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.admin.Requests.Request;
import flotilla.ops.admin.TokenFile.Token;
import flotilla.ops.log.AuditLog;
import flotilla.ops.log.AuditLog.Entry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The records of what operators change. An answer waits until its record is written. */
final class AuditTrail {
    private final AuditLog log;
    private final Access access;

    AuditTrail(AuditLog log, Access access) {
        this.log = log;
        this.access = access;
    }

    /**
     * Refuses changes while records cannot be written.
     *
     * @throws ApiException status 503
     */
    void require() {
        if (!log.isWritable()) {
            throw new ApiException(
                    503, "audit-unavailable", "the audit log of this node cannot be written, so nothing is changed");
        }
    }

    /**
     * Records a change. The stage gives its answer when the record is written, and fails with status 500 when it cannot
     * be.
     */
    CompletionStage<JsonNode> done(
            Token token, Request request, String action, String target, Details details, JsonNode answer) {
        Entry entry = new Entry(
                access.who(token, request),
                access.from(token, request),
                action,
                target,
                Json.list(answer.path(Requests.CHANGED)),
                details.changedBefore(),
                details.changedAfter(),
                "ok");
        return log.write(entry)
                .handle((written, failure) -> failure == null
                        ? CompletableFuture.completedFuture(answer)
                        : CompletableFuture.<JsonNode>failedFuture(new ApiException(
                                500,
                                "not-recorded",
                                "the change is made, but its record could not be written to the audit log")))
                .thenCompose(stage -> stage);
    }

    /** Records a change that was refused or has failed. The stage never fails: the caller is told that already. */
    CompletionStage<Boolean> refused(Token token, Request request, String action, String target, ApiException why) {
        Entry entry = new Entry(
                access.who(token, request),
                access.from(token, request),
                action,
                target,
                List.of(),
                Json.object(),
                Json.object(),
                why.forAudit());
        return log.write(entry).handle((written, failure) -> failure == null);
    }
}
