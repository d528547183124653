package flotilla.node.command;

import flotilla.node.protocol.Request;
import flotilla.node.state.HashAlgorithm;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All commands by verb. FEAT, HELP and docs/reference/protocol.md are made from it. */
public final class CommandTable {
    private record Entry(CommandHandler handler, CommandSpec spec) {}

    private static final Entry UNKNOWN = entry(new UnknownCommand());

    private final List<CommandSpec> specs;
    private final Map<String, Entry> byVerb = new HashMap<>();

    /**
     * Makes a table of these handlers.
     *
     * @throws IllegalArgumentException when two handlers have the same verb
     */
    CommandTable(List<CommandHandler> handlers) {
        List<Entry> entries = handlers.stream().map(CommandTable::entry).toList();
        this.specs = entries.stream().map(Entry::spec).toList();
        for (Entry entry : entries) {
            entry.spec().names().forEach(name -> register(name, entry));
        }
    }

    private static Entry entry(CommandHandler handler) {
        return new Entry(handler, handler.spec());
    }

    private void register(String verb, Entry entry) {
        if (byVerb.put(verb, entry) != null) {
            throw new IllegalArgumentException("two handlers for " + verb);
        }
    }

    /** The table of all commands of this server. */
    public static CommandTable standard() {
        return new CommandTable(List.of(
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
                new CpfrCommand(),
                new CptoCommand(),
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
                new XcrcCommand("XCRC", HashAlgorithm.CRC32),
                new XcrcCommand("XMD5", HashAlgorithm.MD5),
                new XcrcCommand("XSHA1", HashAlgorithm.SHA_1),
                new XcrcCommand("XSHA256", HashAlgorithm.SHA_256),
                new XcrcCommand("XSHA512", HashAlgorithm.SHA_512),
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
    }

    /**
     * Returns the request with the handler of its verb. An unknown verb has a handler that answers 500. A sub-command
     * with a handler of its own, such as SITE CPFR, is the verb of the request that is returned.
     */
    public Call call(Request given) {
        Request request = withSubcommand(given);
        Entry entry = byVerb.getOrDefault(request.verb(), UNKNOWN);
        return new Call(
                request, entry.handler(), entry.spec(), entry.spec().traits().of(request));
    }

    private Request withSubcommand(Request given) {
        String[] words = given.text().split(" ", 2);
        String verb = given.verb() + " " + words[0].toUpperCase(Locale.ROOT);
        if (words[0].isEmpty() || !byVerb.containsKey(verb)) {
            return given;
        }
        return words.length == 1 ? Request.of(verb) : Request.of(verb, words[1]);
    }

    /** The declarations of all verbs, in the order of the table. */
    public List<CommandSpec> specs() {
        return specs;
    }
}
