package flotilla.ops.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** The jar of an extension, made from a source file among the tests' resources. */
public final class ExtensionJar {
    private ExtensionJar() {}

    /**
     * Compiles a class against the server's own and packs it as a service.
     *
     * @param source resource, such as {@code extension/FileHooks.java.txt}; its class is public and in the package
     *     {@code extension}
     * @param service name of the interface that it implements
     */
    public static Path of(Path directory, String source, String service) throws IOException {
        String file = Path.of(source).getFileName().toString().replace(".txt", "");
        Path code = Files.createDirectories(directory.resolve("extension")).resolve(file);
        try (var in = ExtensionJar.class.getClassLoader().getResourceAsStream(source)) {
            Files.copy(in, code);
        }
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        directory.toString(),
                        code.toString());
        assertEquals(0, failed, "the extension does not compile");
        Path jar = directory.resolve("extension.jar");
        String name = "extension/" + file.replace(".java", "");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("META-INF/services/" + service));
            entries.write(name.replace('/', '.').getBytes(UTF_8));
            entries.closeEntry();
            try (var classes = Files.list(directory.resolve("extension"))) {
                for (Path each : classes.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    entries.putNextEntry(new JarEntry("extension/" + each.getFileName()));
                    Files.copy(each, entries);
                    entries.closeEntry();
                }
            }
        }
        return jar;
    }
}
