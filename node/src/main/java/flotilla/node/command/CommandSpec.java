package flotilla.node.command;

import flotilla.storage.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The declaration of a verb: the checks before it runs, its effects, and its texts in FEAT, HELP and the documentation.
 *
 * @param verb in upper case
 * @param aliases other names of the verb (the historic X forms of RFC 775)
 * @param access the state that the session must have reached
 * @param argument says if there is an argument
 * @param syntax arguments for HELP, as RFC 959, section 5.3.1 writes them; empty for none
 * @param reference the specification of the verb
 * @param features lines of FEAT (RFC 2389)
 * @param traits the effects of the verb
 */
public record CommandSpec(
        String verb,
        List<String> aliases,
        Access access,
        Argument argument,
        String syntax,
        String reference,
        List<String> features,
        Traits traits) {

    /** The state that a session must have reached for a command. */
    public enum Access {
        /** Any state, also before TLS where TLS is required. */
        ALWAYS,
        /** TLS is on, where it is required. */
        CONNECTED,
        /** A user is logged in. */
        LOGGED_IN
    }

    /** The presence of an argument. */
    public enum Argument {
        NONE,
        OPTIONAL,
        REQUIRED,
        /** The argument is optional and ignored, as in a NOOP with padding. */
        IGNORED
    }

    public CommandSpec {
        aliases = List.copyOf(aliases);
        features = List.copyOf(features);
    }

    /** Declares a verb without aliases, lines of FEAT and effects. */
    public static CommandSpec of(String verb, Access access, Argument argument, String syntax, String reference) {
        return new CommandSpec(verb, List.of(), access, argument, syntax, reference, List.of(), Traits.NONE);
    }

    /** The same with another name. */
    public CommandSpec alias(String alias) {
        return new CommandSpec(
                verb, plus(aliases, List.of(alias)), access, argument, syntax, reference, features, traits);
    }

    /** The same with more lines of FEAT. */
    public CommandSpec announcing(String... lines) {
        return new CommandSpec(
                verb, aliases, access, argument, syntax, reference, plus(features, List.of(lines)), traits);
    }

    /** The same with these effects. */
    public CommandSpec effects(Effect... effects) {
        return with(new Traits(Set.of(effects), traits.forms(), traits.operation(), traits.needs()));
    }

    /** The same with another name in the log of changes than its verb. */
    public CommandSpec loggedAs(String operation) {
        return with(new Traits(traits.effects(), traits.forms(), operation, traits.needs()));
    }

    /** The same, offered in FEAT to a user whose store has one of these capabilities. */
    public CommandSpec needing(Capability... capabilities) {
        return with(new Traits(traits.effects(), traits.forms(), traits.operation(), Set.of(capabilities)));
    }

    /**
     * The same with a sub-command.
     *
     * @param subcommand its syntax for HELP, which begins with its name
     * @param effects the effects of requests with that sub-command
     */
    public CommandSpec subcommand(String subcommand, Effect... effects) {
        return with(Traits.Form.subcommand(subcommand, Set.of(effects)));
    }

    /** The same with other effects for arguments that match. HELP does not show that form. */
    public CommandSpec form(Pattern form, Effect... effects) {
        return with(new Traits.Form("", form, Set.of(effects)));
    }

    private CommandSpec with(Traits.Form form) {
        return with(
                new Traits(traits.effects(), plus(traits.forms(), List.of(form)), traits.operation(), traits.needs()));
    }

    private CommandSpec with(Traits changed) {
        return new CommandSpec(verb, aliases, access, argument, syntax, reference, features, changed);
    }

    private static <T> List<T> plus(List<T> some, List<T> more) {
        List<T> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Returns true when each request of the verb has the effect, except requests of special forms. */
    public boolean does(Effect effect) {
        return traits.effects().contains(effect);
    }

    /** The syntax of each sub-command, for HELP. */
    public List<String> subcommands() {
        return traits.forms().stream()
                .map(Traits.Form::syntax)
                .filter(shown -> !shown.isEmpty())
                .toList();
    }

    /** The verb and its aliases. */
    public List<String> names() {
        return plus(List.of(verb), aliases);
    }
}
