package flotilla.ops.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import flotilla.ops.local.PrivateFile;
import flotilla.storage.sealed.KeyFile;
import flotilla.storage.sealed.KeyGeneration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code flotilla key}: the key files of sealed stores. It needs neither a server nor a configuration. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Key files of stores whose files are sealed (encryption.key-file). They never show a key.",
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Runnable {
    private static final String FILE = "The key file.";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing: new, rotate or show");
    }

    private int print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(text);
        out.flush();
        return 0;
    }

    @Command(
            name = "new",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a key file with one generation, which only its owner can read. It never replaces a file.",
                "Keep a copy of it elsewhere: without it nobody can open the files."
            },
            footer = "  flotilla key new /etc/flotilla/files.key")
    int create(@Parameters(paramLabel = "FILE", description = "File to write.") Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try {
            KeyFile.create(file);
        } catch (FileAlreadyExistsException e) {
            throw new IllegalStateException(file + " is there already; rotate adds a generation to it", e);
        }
        PrivateFile.giveToOwnerOfDirectory(file);
        return print(file.toString());
    }

    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description = {
                "Adds a generation to a key file, or makes a prepared one seal. The older ones go on opening their files.",
                "Servers read the file again within ten seconds. Every node needs the new file before one node seals with"
                        + " it: see --prepare."
            },
            footer = {
                "  flotilla key rotate /etc/flotilla/files.key",
                "  flotilla key rotate --prepare /etc/flotilla/files.key"
            })
    int rotate(
            @Option(
                            names = "--prepare",
                            description =
                                    "Adds a generation that only opens. Copy the file to all nodes, and then rotate without this.")
                    boolean prepare,
            @Parameters(paramLabel = "FILE", description = FILE) Path file)
            throws IOException {
        KeyFile before = KeyFile.read(file);
        KeyFile after = prepare ? before.prepared() : before.rotated();
        PrivateFile.write(file.toRealPath(), after.text());
        return show(false, file);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows the generations of a key file, the oldest first, and which of them seals.",
            footer = "  flotilla key show /etc/flotilla/files.key")
    int show(
            @Option(names = "--json", description = "Prints a list of objects with id and seals.") boolean json,
            @Parameters(paramLabel = "FILE", description = FILE) Path file)
            throws IOException {
        List<KeyGeneration> generations = KeyFile.read(file).generations();
        if (json) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            generations.forEach(one -> list.addObject().put("id", one.id()).put("seals", one.seals()));
            return print(list.toPrettyString());
        }
        Table table = new Table("GENERATION", "ID", "USE");
        for (int at = 0; at < generations.size(); at++) {
            KeyGeneration one = generations.get(at);
            table.row(String.valueOf(at + 1), one.id(), one.seals() ? "seals and opens" : "opens");
        }
        table.print(spec.commandLine().getOut());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
