package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.node.command.CommandSpec.Access;
import flotilla.node.command.CommandSpec.Argument;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GateTest {
    private static final CommandTable TABLE = CommandTable.standard();
    private static final Policy TLS_REQUIRED =
            new Policy(true, true, true, false, true, false, true, Set.of(), 100, 3, false, Set.of());

    static List<CommandSpec> specs() {
        return TABLE.specs();
    }

    private static int code(CommandSpec spec, SessionState state, Policy policy, Request request) {
        return Gate.refusal(spec, request, state, policy).map(Reply::code).orElse(0);
    }

    private static Request fitting(CommandSpec spec) {
        return spec.argument() == Argument.REQUIRED ? Request.of(spec.verb(), "x") : Request.of(spec.verb());
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatNeedsTlsIsRefusedWithoutIt(CommandSpec spec) {
        int expected = spec.access() == Access.ALWAYS ? 0 : 530;
        assertEquals(expected, code(spec, CommandRig.loggedIn().state, TLS_REQUIRED, fitting(spec)));
        assertEquals(0, code(spec, CommandRig.loggedIn().withTls().state, TLS_REQUIRED, fitting(spec)));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatNeedsAUserIsRefusedWithoutOne(CommandSpec spec) {
        int expected = spec.access() == Access.LOGGED_IN ? 530 : 0;
        assertEquals(expected, code(spec, new CommandRig().state, CommandRig.POLICY, fitting(spec)));
        assertEquals(0, code(spec, CommandRig.loggedIn().state, CommandRig.POLICY, fitting(spec)));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void anArgumentIsThereWhenItMustBeAndOnlyThen(CommandSpec spec) {
        SessionState state = CommandRig.loggedIn().state;
        int without = spec.argument() == Argument.REQUIRED ? 501 : 0;
        int with = spec.argument() == Argument.NONE ? 501 : 0;
        assertEquals(without, code(spec, state, CommandRig.POLICY, Request.of(spec.verb())));
        assertEquals(without, code(spec, state, CommandRig.POLICY, Request.of(spec.verb(), "")));
        assertEquals(with, code(spec, state, CommandRig.POLICY, Request.of(spec.verb(), "x")));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aliasesHaveTheHandlerOfTheirVerb(CommandSpec spec) {
        CommandHandler handler = TABLE.call(Request.of(spec.verb())).handler();
        assertEquals(spec, handler.spec());
        for (String alias : spec.aliases()) {
            assertEquals(handler, TABLE.call(Request.of(alias)).handler());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatMayRunBeforeLoginNeverNeedsATree(CommandSpec spec) {
        if (spec.access() != Access.LOGGED_IN) {
            CommandRig rig = new CommandRig();
            String line = spec.argument() == Argument.NONE ? spec.verb() : spec.verb() + " x";
            assertEquals(false, rig.run(line).isEmpty());
        }
    }
}
