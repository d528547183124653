package flotilla.ops.cli;

import flotilla.node.access.NetworkList;
import flotilla.ops.local.PrivateFile;
import flotilla.ops.log.LogText;
import flotilla.ops.migrate.HostsExcept;
import flotilla.ops.migrate.Note;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla import hosts-allow} and {@code hosts-deny}: the files of TCP wrappers as lists of networks. */
final class ImportHostsCommands {
    private static final long MOST_BYTES = 16 << 20;

    private ImportHostsCommands() {}

    /** The common part. */
    abstract static class Base implements Callable<Integer> {
        private final boolean isDeny;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The file, in the format of hosts_access(5).")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--daemon",
                paramLabel = "NAME",
                description = "Daemon whose lines count, besides ALL; may be given again. Default: ${DEFAULT-VALUE}.")
        private List<String> daemons = List.of("flotilla", "vsftpd", "proftpd", "pure-ftpd", "ftpd", "in.ftpd");

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description = "List to write; it must not exist. Default: standard output.")
        private @Nullable Path out;

        Base(boolean isDeny) {
            this.isDeny = isDeny;
        }

        @Override
        public Integer call() throws IOException {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(file + " has more than " + MOST_BYTES + " bytes");
            }
            Set<String> names =
                    daemons.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
            String text = Files.readString(file, StandardCharsets.UTF_8);
            NetworkList list = NetworkList.of(text, isDeny, names);
            for (NetworkList.Note note : list.notes()) {
                spec.commandLine()
                        .getErr()
                        .println(file + ":" + note.line() + ": " + LogText.shown(note.text())
                                + (note.unsafe() ? ": left out, so more clients may connect" : ": left out"));
            }
            for (Note note : HostsExcept.notes(text, names)) {
                spec.commandLine()
                        .getErr()
                        .println(
                                file + ":" + note.line() + ": " + LogText.shown(note.setting()) + ": " + note.advice());
            }
            write(list.networks().stream().map(network -> network + "\n").collect(Collectors.joining()));
            return 0;
        }

        private void write(String text) throws IOException {
            PrintWriter printed = spec.commandLine().getOut();
            if (out == null) {
                printed.print(text);
            } else if (Files.exists(out)) {
                throw new IllegalStateException(out + " is there already");
            } else {
                PrivateFile.write(out, text);
                printed.println("Written to " + out + ". The key: flotilla.access." + (isDeny ? "deny" : "allow")
                        + " = " + out);
            }
            printed.flush();
        }
    }

    @Command(
            name = "hosts-allow",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a hosts.allow into a list of networks for access.allow.",
                "Lines with names of hosts, shell commands and other options are told with their numbers, and left out."
            },
            footer = "  flotilla import hosts-allow /etc/hosts.allow --out allow.txt")
    static final class Allow extends Base {
        Allow() {
            super(false);
        }
    }

    @Command(
            name = "hosts-deny",
            mixinStandardHelpOptions = true,
            description = {
                "Translates a hosts.deny into a list of networks for access.deny.",
                "Lines with names of hosts, shell commands and other options are told with their numbers, and left out."
            },
            footer = "  flotilla import hosts-deny /etc/hosts.deny --daemon proftpd --out deny.txt")
    static final class Deny extends Base {
        Deny() {
            super(true);
        }
    }
}
