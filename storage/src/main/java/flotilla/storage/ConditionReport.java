package flotilla.storage;

import java.util.List;

/**
 * What a service does with requests that must have no effect because their condition does not hold (RFC 9110, section
 * 13.1).
 *
 * @param honoured names of requests that it refuses then, with the condition
 * @param ignored names of requests that it fulfils all the same
 */
public record ConditionReport(List<String> honoured, List<String> ignored) {
    public ConditionReport {
        honoured = List.copyOf(honoured);
        ignored = List.copyOf(ignored);
    }
}
