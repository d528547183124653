package flotilla.node.command;

import java.util.ArrayList;
import java.util.List;

/**
 * What is checked before a command runs, and what FEAT, HELP and the documentation say of it.
 *
 * @param verb upper case
 * @param aliases other names with the same meaning (the historic X forms of RFC 775)
 * @param access what must have happened before
 * @param argument whether there is one
 * @param syntax arguments as RFC 959, section 5.3.1 writes them, for HELP; empty for none
 * @param reference where it is specified
 * @param features lines of FEAT (RFC 2389)
 */
public record CommandSpec(
        String verb,
        List<String> aliases,
        Access access,
        Argument argument,
        String syntax,
        String reference,
        List<String> features) {

    /** What must have happened before a command. */
    public enum Access {
        /** Nothing: also before TLS where TLS is required. */
        ALWAYS,
        /** TLS, where it is required. */
        CONNECTED,
        /** Login. */
        LOGGED_IN
    }

    /** Whether a command has an argument. */
    public enum Argument {
        NONE,
        OPTIONAL,
        REQUIRED,
        /** Optional and not looked at: NOOP with padding. */
        IGNORED
    }

    public CommandSpec {
        aliases = List.copyOf(aliases);
        features = List.copyOf(features);
    }

    public static CommandSpec of(String verb, Access access, Argument argument, String syntax, String reference) {
        return new CommandSpec(verb, List.of(), access, argument, syntax, reference, List.of());
    }

    public CommandSpec alias(String alias) {
        List<String> all = new ArrayList<>(aliases);
        all.add(alias);
        return new CommandSpec(verb, all, access, argument, syntax, reference, features);
    }

    /** Adds a line to FEAT. */
    public CommandSpec announcing(String... lines) {
        List<String> all = new ArrayList<>(features);
        all.addAll(List.of(lines));
        return new CommandSpec(verb, aliases, access, argument, syntax, reference, all);
    }
}
