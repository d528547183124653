package flotilla.ops.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a shell needs of the command line: {@code flotilla completion} and {@code flotilla man}. */
final class ShellCommands {
    private ShellCommands() {}

    /** The shells that can complete the commands. */
    enum Shell {
        BASH,
        ZSH
    }

    /** Prints a script. */
    @Command(
            name = "completion",
            mixinStandardHelpOptions = true,
            description = "Prints the script with which a shell completes flotilla's commands and options.",
            footer = {
                "  flotilla completion bash > /etc/bash_completion.d/flotilla",
                "  flotilla completion zsh > ~/.flotilla.zsh"
            })
    static final class Completion implements Callable<Integer> {
        @Parameters(paramLabel = "bash|zsh", description = "The shell. A script for zsh is read by source.")
        @SuppressWarnings("NullAway.Init")
        private Shell shell;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            if (shell == Shell.ZSH) {
                out.println("autoload -U +X compinit && compinit");
            }
            out.print(AutoComplete.bash("flotilla", FlotillaCommand.parser()));
            out.flush();
            return 0;
        }
    }

    /** Writes manual pages. */
    @Command(
            name = "man",
            mixinStandardHelpOptions = true,
            description = "Writes the manual pages: flotilla(1), one for each command, and flotilla.conf(5).",
            footer = "  flotilla man /usr/local/share/man")
    static final class Man implements Callable<Integer> {
        @Parameters(
                paramLabel = "DIRECTORY",
                description = "Directory of manual pages; the pages go to man1 and man5 in it.")
        @SuppressWarnings("NullAway.Init")
        private Path directory;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public Integer call() throws Exception {
            String version = new FlotillaCommand.Version().getVersion()[0];
            for (Path page : new ManPages(FlotillaCommand.parser(), version).write(directory)) {
                spec.commandLine().getOut().println(page);
            }
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
