package flotilla.ops.config;

import java.util.List;
import java.util.stream.Collectors;

/** A refused configuration, with all problems that were found. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    /** Creates the failure. Its message has one line for each problem. */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, in the order in which they were found. */
    public List<ConfigProblem> problems() {
        return problems;
    }
}
