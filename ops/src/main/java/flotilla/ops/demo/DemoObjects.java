package flotilla.ops.demo;

import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The service of objects of a demonstration: s3proxy over a directory, on loopback. */
final class DemoObjects {
    static final String STORE = "objects";
    private static final String BUCKET = "demo";
    private static final String IDENTITY = "flotilla-demo";
    private static final String NAME = "s3proxy";
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final long PATIENCE_SECONDS = 60;
    private static final long PAUSE_MILLIS = 100;

    private final Path directory;
    private final Path jar;

    /**
     * Creates the service and starts nothing.
     *
     * @param directory for its objects, its configuration and its log
     * @param jar the program, with all that it needs
     */
    DemoObjects(Path directory, Path jar) {
        this.directory = directory;
        this.jar = jar;
    }

    private Path credentials() {
        return directory.resolve("s3-credentials");
    }

    /** Returns the settings of a node's storage, in HOCON. */
    String settings() {
        return String.format(
                Locale.ROOT,
                "storage { default = \"%s\", stores.%s { type = \"s3\", endpoint = \"http://127.0.0.1:%d\","
                        + " bucket = \"%s\", credentials = \"file:@DIRECTORY@/s3-credentials\" } }",
                STORE,
                STORE,
                DemoPlan.OBJECTS_PORT,
                BUCKET);
    }

    /** Writes its configuration, with a secret that stays the same, and starts it. */
    Child start() throws IOException {
        Files.createDirectories(directory.resolve(STORE).resolve(BUCKET));
        String secret = secret();
        Path configuration = directory.resolve("s3proxy.conf");
        PrivateFile.write(
                configuration,
                "s3proxy.authorization=aws-v2-or-v4\n"
                        + "s3proxy.identity=" + IDENTITY + "\n"
                        + "s3proxy.credential=" + secret + "\n"
                        + "s3proxy.endpoint=http://127.0.0.1:" + DemoPlan.OBJECTS_PORT + "\n"
                        + "jclouds.provider=filesystem-nio2\n"
                        + "jclouds.filesystem.basedir=" + directory.resolve(STORE) + "\n");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Child.start(
                NAME,
                List.of(java, "-Xmx128m", "-jar", jar.toString(), "--properties", configuration.toString()),
                Map.of(),
                directory.resolve(NAME + ".log"));
    }

    /** Returns when it answers. Blocks. */
    static void await(Child service) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers()) {
            if (!service.isAlive() || System.nanoTime() > end) {
                throw new IOException("s3proxy does not start: " + service.tail());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), DemoPlan.OBJECTS_PORT), TIMEOUT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String secret() throws IOException {
        String key = "aws_secret_access_key = ";
        if (Files.exists(credentials())) {
            for (String line : Files.readAllLines(credentials())) {
                if (line.startsWith(key)) {
                    return line.substring(key.length());
                }
            }
        }
        String made = UUID.randomUUID().toString();
        PrivateFile.write(credentials(), "[default]\naws_access_key_id = " + IDENTITY + "\n" + key + made + "\n");
        return made;
    }
}
