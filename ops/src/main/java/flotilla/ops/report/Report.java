package flotilla.ops.report;

import flotilla.ops.log.LogText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Collects findings in the order of the steps. It is used by one thread. */
public final class Report {
    /** More findings than any look has steps. */
    private static final int MOST = 1000;

    private static final int MOST_TEXT = 600;

    private final List<Finding> findings = new ArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final Consumer<Finding> listener;
    private String section = "";

    /**
     * Makes an empty report.
     *
     * @param listener is told of each finding at once
     */
    public Report(Consumer<Finding> listener) {
        this.listener = listener;
    }

    /** Begins a part. Its name is a heading. */
    public void section(String name) {
        section = name;
    }

    /** Shows stars wherever a text holds this secret. */
    public void hide(String secret) {
        if (!secret.isEmpty()) {
            secrets.add(secret);
        }
    }

    /** Adds that a step is as it should be. */
    public void ok(String what, String text) {
        add(Level.OK, what, text, "");
    }

    /** Adds something that some will meet as trouble. */
    public void warn(String what, String text, String remedy) {
        add(Level.WARN, what, text, remedy);
    }

    /** Adds something that does not work. */
    public void fail(String what, String text, String remedy) {
        add(Level.FAIL, what, text, remedy);
    }

    /** Adds a finding. Beyond 1000 findings, only failures are kept, and at most 1000 of them. */
    public void add(Level level, String what, String text, String remedy) {
        if (findings.size() >= MOST && (level != Level.FAIL || findings.size() >= 2 * MOST)) {
            return;
        }
        Finding finding = new Finding(section, level, what, clean(text), clean(remedy));
        findings.add(finding);
        listener.accept(finding);
    }

    private String clean(String text) {
        String shown = text;
        for (String secret : secrets) {
            shown = shown.replace(secret, "***");
        }
        String safe = LogText.shown(shown);
        return safe.length() <= MOST_TEXT ? safe : safe.substring(0, MOST_TEXT) + "…";
    }

    /** Returns all findings. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Returns whether something does not work. */
    public boolean hasFailed() {
        return findings.stream().anyMatch(finding -> finding.level() == Level.FAIL);
    }
}
