package flotilla.node.command;

import flotilla.node.protocol.Request;
import flotilla.storage.Capability;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The effects of a verb, and of those forms of its argument that have other effects.
 *
 * @param effects the effects of a request that matches no form
 * @param forms special forms; the first that matches the argument counts
 * @param operation name of the verb in the log of changes; empty for the verb itself
 * @param needs FEAT lists the verb for a user whose store has one of these; empty for any store
 */
public record Traits(Set<Effect> effects, List<Form> forms, String operation, Set<Capability> needs) {
    static final Traits NONE = new Traits(Set.of(), List.of(), "", Set.of());

    /**
     * A form of the argument with effects of its own, such as a sub-command of SITE.
     *
     * @param syntax text for HELP; empty for a form that HELP does not show
     * @param argument matches the whole argument
     * @param effects the effects of such a request, instead of the verb's
     */
    public record Form(String syntax, Pattern argument, Set<Effect> effects) {
        public Form {
            effects = Set.copyOf(effects);
        }

        /**
         * A sub-command, in upper or lower case.
         *
         * @param syntax text for HELP, which begins with the name
         */
        static Form subcommand(String syntax, Set<Effect> effects) {
            String name = syntax.split(" ", 2)[0];
            return new Form(syntax, Pattern.compile("(?iUs)\\s*" + name + "\\b.*"), effects);
        }
    }

    public Traits {
        effects = Set.copyOf(effects);
        forms = List.copyOf(forms);
        needs = Set.copyOf(needs);
    }

    /** The effects of one request. */
    Set<Effect> of(Request request) {
        for (Form form : forms) {
            if (form.argument().matcher(request.text()).matches()) {
                return form.effects();
            }
        }
        return effects;
    }
}
