package flotilla.ops.report;

/**
 * What was found at one step.
 *
 * @param section the part of the report
 * @param what the step, in one to three words
 * @param text what was found, in whole sentences
 * @param remedy what to do about it, in whole sentences; empty when there is nothing to do
 */
public record Finding(String section, Level level, String what, String text, String remedy) {}
