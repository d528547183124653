package flotilla.node.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All commands by verb. FEAT, HELP and docs/protocol.md derive from it. */
public final class CommandTable {
    private static final CommandTable STANDARD = new CommandTable(List.of(
            new UserCommand(),
            new PassCommand(),
            new AcctCommand(),
            new AuthCommand(),
            new PbszCommand(),
            new ProtCommand(),
            new CccCommand(),
            new ReinCommand(),
            new QuitCommand(),
            new HostCommand(),
            new LangCommand(),
            new ClntCommand(),
            new FeatCommand(),
            new OptsCommand(),
            new SystCommand(),
            new HelpCommand(),
            new NoopCommand(),
            new StatCommand(),
            new SiteCommand(),
            new CwdCommand(),
            new CdupCommand(),
            new PwdCommand(),
            new MkdCommand(),
            new RmdCommand(),
            new DeleCommand(),
            new RnfrCommand(),
            new RntoCommand(),
            new SizeCommand(),
            new MdtmCommand(),
            new MfmtCommand(),
            new MffCommand(),
            new MlstCommand(),
            new HashCommand(),
            new AvblCommand(),
            new XcrcCommand("XCRC", flotilla.node.state.HashAlgorithm.CRC32),
            new XcrcCommand("XMD5", flotilla.node.state.HashAlgorithm.MD5),
            new XcrcCommand("XSHA1", flotilla.node.state.HashAlgorithm.SHA_1),
            new XcrcCommand("XSHA256", flotilla.node.state.HashAlgorithm.SHA_256),
            new XcrcCommand("XSHA512", flotilla.node.state.HashAlgorithm.SHA_512),
            new TypeCommand(),
            new StruCommand(),
            new ModeCommand(),
            new AlloCommand(),
            new RestCommand(),
            new PasvCommand(),
            new EpsvCommand(),
            new PortCommand(),
            new EprtCommand(),
            new RetrCommand(),
            new StorCommand(),
            new AppeCommand(),
            new StouCommand(),
            new ListCommand(),
            new NlstCommand(),
            new MlsdCommand(),
            new AborCommand(),
            new UnsupportedCommand("ADAT", "RFC 2228"),
            new UnsupportedCommand("MIC", "RFC 2228"),
            new UnsupportedCommand("CONF", "RFC 2228"),
            new UnsupportedCommand("ENC", "RFC 2228"),
            new UnsupportedCommand("SMNT", "RFC 959"),
            new UnsupportedCommand("LPRT", "RFC 1639"),
            new UnsupportedCommand("LPSV", "RFC 1639"),
            new UnsupportedCommand("PRET", "drftpd"),
            new UnsupportedCommand("CPSV", "FXP"),
            new UnsupportedCommand("SSCN", "FXP")));

    private final List<CommandHandler> handlers;
    private final Map<String, CommandHandler> byVerb = new LinkedHashMap<>();

    CommandTable(List<CommandHandler> handlers) {
        this.handlers = List.copyOf(handlers);
        for (CommandHandler handler : handlers) {
            register(handler.spec().verb(), handler);
            handler.spec().aliases().forEach(alias -> register(alias, handler));
        }
    }

    /** Every command of this server. */
    public static CommandTable standard() {
        return STANDARD;
    }

    private void register(String verb, CommandHandler handler) {
        if (byVerb.put(verb, handler) != null) {
            throw new IllegalArgumentException("two handlers for " + verb);
        }
    }

    /** The handler of a verb in upper case. */
    public Optional<CommandHandler> find(String verb) {
        return Optional.ofNullable(byVerb.get(verb));
    }

    /** In table order, without aliases. */
    public List<CommandSpec> specs() {
        return handlers.stream().map(CommandHandler::spec).toList();
    }

    /** Verbs that do something, aliases included, for HELP. */
    List<String> implementedVerbs() {
        List<String> verbs = new ArrayList<>();
        byVerb.forEach((verb, handler) -> {
            if (!(handler instanceof UnsupportedCommand)) {
                verbs.add(verb);
            }
        });
        return verbs;
    }
}
