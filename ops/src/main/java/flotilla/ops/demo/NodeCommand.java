package flotilla.ops.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command that starts a node: the launcher of this process, or another JVM like this one. */
public final class NodeCommand {
    private static final String MEMORY =
            "-Xmx256m -XX:+UseSerialGC -XX:MaxDirectMemorySize=128m -XX:TieredStopAtLevel=1";

    private final String launcher;
    private final String memory;

    private NodeCommand(String launcher, String memory) {
        this.launcher = launcher;
        this.memory = memory;
    }

    /** Returns the command. The launcher names itself in the property {@code flotilla.launcher}. */
    public static NodeCommand detect() {
        return new NodeCommand(
                System.getProperty("flotilla.launcher", ""),
                System.getenv().getOrDefault("FLOTILLA_JVM_OPTIONS", MEMORY));
    }

    /** Returns the command in the form that people type. */
    String shown() {
        return launcher.isEmpty() ? "flotilla" : launcher;
    }

    Child start(String name, Path configuration, Path log) throws IOException {
        List<String> serve = List.of("serve", "--config", configuration.toString());
        List<String> command = new ArrayList<>();
        if (launcher.isEmpty()) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(argument -> argument.startsWith("--") || argument.startsWith("-Dio.netty."))
                    .forEach(command::add);
            command.addAll(List.of(memory.split(" ")));
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), "flotilla.ops.Main"));
        } else {
            command.add(launcher);
        }
        command.addAll(serve);
        return Child.start(name, command, Map.of("FLOTILLA_JVM_OPTIONS", memory), log);
    }
}
