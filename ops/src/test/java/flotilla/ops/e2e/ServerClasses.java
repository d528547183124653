package flotilla.ops.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The class path of servers that tests start, with an archive of the classes that they load. The archive halves the
 * work of a start. The first test of a build creates both. An archive takes neither directories nor signed jars:
 * directories are packed, and signed jars are copied without their signatures.
 */
final class ServerClasses {
    /** Returns whether enough servers are started to make an archive worth its time. */
    static final boolean ARCHIVED = Boolean.getBoolean("flotilla.test.archive");

    private static final Path HERE = Path.of("target", "server-classes");
    private static final long START_SECONDS = 120;
    private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]+\\.(SF|DSA|RSA|EC)");

    private ServerClasses() {}

    /**
     * Returns flags of a JVM: the class path, and the archive where there is one.
     *
     * @param flags flags of all servers
     */
    static List<String> flags(List<String> flags) {
        return Holder.of(flags);
    }

    private static final class Holder {
        private static List<String> made = List.of();

        private static synchronized List<String> of(List<String> flags) {
            if (made.isEmpty()) {
                made = make(flags);
            }
            return made;
        }
    }

    private static List<String> make(List<String> flags) {
        try {
            Files.createDirectories(HERE);
            try (FileChannel channel = FileChannel.open(
                            HERE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) { // tests run in two JVMs
                if (!lock.isValid()) {
                    throw new IOException("no lock");
                }
                List<Path> entries = Arrays.stream(
                                System.getProperty("java.class.path").split(":"))
                        .map(Path::of)
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .toList();
                Path directory =
                        HERE.resolve(Integer.toHexString(signature(entries).hashCode()));
                if (!Files.exists(directory)) {
                    fill(directory, entries, flags);
                }
                return flagsOf(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> flagsOf(Path directory) throws IOException {
        List<String> result = new ArrayList<>(List.of("-cp", Files.readString(directory.resolve("path"))));
        Path archive = directory.resolve("classes.jsa").toAbsolutePath();
        if (Files.exists(archive)) {
            result.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off"));
        }
        return List.copyOf(result);
    }

    /** Returns everything that must be the same as at the creation of an archive. */
    private static String signature(List<Path> entries) throws IOException {
        List<String> parts = new ArrayList<>(List.of(System.getProperty("java.home"), String.valueOf(ARCHIVED)));
        for (Path entry : entries) {
            for (Path file : filesOf(entry)) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                parts.add(file + " " + attributes.size() + " " + attributes.lastModifiedTime());
            }
        }
        return String.join("\n", parts);
    }

    private static List<Path> filesOf(Path entry) throws IOException {
        try (Stream<Path> files = Files.walk(entry)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void fill(Path directory, List<Path> entries, List<String> flags)
            throws IOException, InterruptedException {
        Path making = directory.resolveSibling(directory.getFileName() + ".new");
        if (Files.exists(making)) {
            try (Stream<Path> old = Files.walk(making)) {
                for (Path file : old.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        Files.createDirectories(making);
        List<String> jars = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Path entry = entries.get(i).toAbsolutePath();
            boolean remade = Files.isDirectory(entry)
                    ? pack(entry, making.resolve(i + ".jar"))
                    : unsigned(entry, making.resolve(i + ".jar"));
            jars.add((remade ? directory.toAbsolutePath().resolve(i + ".jar") : entry).toString());
        }
        Files.writeString(making.resolve("path"), String.join(":", jars));
        Files.move(making, directory); // an archive knows its jars by their paths
        if (ARCHIVED) {
            archive(directory, flags);
        }
    }

    /**
     * Copies a signed jar without its signatures, like the packaged server has it.
     *
     * @return false for any other jar
     */
    private static boolean unsigned(Path jar, Path copy) throws IOException {
        try (JarFile from = new JarFile(jar.toFile(), false)) {
            if (from.stream()
                    .noneMatch(entry -> SIGNATURE.matcher(entry.getName()).matches())) {
                return false;
            }
            try (OutputStream file = Files.newOutputStream(copy);
                    JarOutputStream out = new JarOutputStream(file)) {
                for (JarEntry entry : Collections.list(from.entries())) {
                    if (!SIGNATURE.matcher(entry.getName()).matches()) {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(out);
                        out.closeEntry();
                    }
                }
            }
            return true;
        }
    }

    private static boolean pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            try (Stream<Path> all = Files.walk(classes)) {
                for (Path each : all.skip(1).sorted().toList()) {
                    boolean isDirectory = Files.isDirectory(each); // Flyway looks for its files by their directory
                    out.putNextEntry(new JarEntry(classes.relativize(each) + (isDirectory ? "/" : "")));
                    if (!isDirectory) {
                        Files.copy(each, out);
                    }
                    out.closeEntry();
                }
            }
        }
        return true;
    }

    /** Creates the archive: a server writes it at its end. Without an archive, tests only take longer. */
    private static void archive(Path directory, List<String> flags) throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("flotilla-archive");
        int ports = Ports.free(4);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of(
                "-XX:ArchiveClassesAtExit=" + directory.resolve("classes.jsa").toAbsolutePath(),
                "-Xlog:disable",
                "-Dflotilla.exit-when-ready=true",
                "-cp",
                Files.readString(directory.resolve("path")),
                "flotilla.ops.Main",
                "serve"));
        for (String setting : List.of(
                "data-dir=" + data,
                "listeners.explicit.port=" + ports,
                "listeners.implicit.port=" + (ports + 1),
                "passive.ports=" + (ports + 2) + "-" + (ports + 3),
                "admin.port=0")) {
            command.addAll(List.of("--set", "flotilla." + setting));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        System.out.println("archive of the server's classes: "
                + Stream.of(directory.resolve("classes.jsa"))
                        .filter(Files::exists)
                        .map(Path::toString)
                        .collect(Collectors.joining()));
    }
}
