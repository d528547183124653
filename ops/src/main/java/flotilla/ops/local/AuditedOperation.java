package flotilla.ops.local;

import flotilla.ops.local.LocalControl.Operation;
import flotilla.ops.log.AuditLog;
import java.util.function.UnaryOperator;

/**
 * An operation of which each call is a line in the audit log, also one that fails: with its sentence then.
 *
 * @param action its name there
 * @param target of a request's body, for the line
 */
public record AuditedOperation(AuditLog audit, String action, UnaryOperator<String> target, Operation operation)
        implements Operation {
    @Override
    public String perform(String body, String caller) throws Exception {
        String result = "failed";
        try {
            String answer = operation.perform(body, caller);
            result = "ok";
            return answer;
        } catch (Exception e) {
            result = "failed: " + RefusedException.of(e).sentence();
            throw e;
        } finally {
            audit.record(caller, "local", action, target.apply(body), result);
        }
    }
}
