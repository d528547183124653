package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StoreMeter;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A service of S3 in a process of its own, on the loopback address. Its objects lie in a directory, so they outlive the
 * process.
 */
public final class S3Proxy implements AutoCloseable {
    /** The access key of the only account. */
    public static final String ID = "flotilla";
    /** The secret of the only account. */
    public static final String SECRET = "a-secret-of-tests";

    public static final String BUCKET = "files";

    private final Path directory;
    private final int port;
    private final List<String> more;
    private Process process;

    private S3Proxy(Path directory, int port, List<String> more) {
        this.directory = directory;
        this.more = more;
        this.port = port;
    }

    /** Starts the service with an empty bucket. */
    public static S3Proxy start(Path directory) throws IOException, InterruptedException {
        return start(directory, List.of());
    }

    /** Starts the service with an empty bucket and more settings, each {@code key=value}. */
    public static S3Proxy start(Path directory, List<String> more) throws IOException, InterruptedException {
        S3Proxy proxy = new S3Proxy(directory, freePort(), more);
        Files.createDirectories(directory.resolve("data"));
        proxy.resume();
        proxy.createBucket(BUCKET);
        return proxy;
    }

    /** Returns a port of the loopback address that is free now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts the process again, with the objects and the port that it had. */
    public void resume() throws IOException, InterruptedException {
        Path settings = directory.resolve("s3proxy.conf");
        Files.writeString(
                settings,
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + ID,
                        "s3proxy.credential=" + SECRET,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.filesystem.basedir=" + directory.resolve("data"),
                        String.join("\n", more),
                        ""));
        File log = directory.resolve("s3proxy.log").toFile();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-jar",
                        jar().toString(),
                        "--properties",
                        settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitPort(process, port);
    }

    /** Waits until a process listens on a port of the loopback address. */
    static void awaitPort(Process process, int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < end && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            }
        }
        throw new IOException("nothing listens on port " + port);
    }

    private static Path jar() {
        Path here = Path.of("target", "s3proxy", "s3proxy.jar").toAbsolutePath();
        return Files.exists(here)
                ? here
                : Path.of("..", "storage", "target", "s3proxy", "s3proxy.jar").toAbsolutePath();
    }

    /** Kills the process. Its objects stay. */
    public void kill() {
        close();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Returns a client of the service as others have it. The caller closes it. */
    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClient(Apache5HttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(ID, SECRET)))
                .build();
    }

    public void createBucket(String name) {
        try (S3Client client = client()) {
            client.createBucket(request -> request.bucket(name));
        }
    }

    /** Returns the file of the account's credentials. */
    public Path credentials() throws IOException {
        return credentials(directory.resolve("credentials"), ID, SECRET);
    }

    /** Writes a file of credentials that only its owner reads. */
    public static Path credentials(Path file, String id, String secret) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(
                file, "[default]\naws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\n");
    }

    /** Returns settings of a store in this service; {@code more} are keys and values that it has besides. */
    public StoreSettings settings(String... more) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "endpoint",
                endpoint().toString(),
                "bucket",
                BUCKET,
                "credentials",
                "file:" + credentials(),
                "connections",
                "16"));
        List<String> pairs = List.of(more);
        for (int i = 0; i < pairs.size(); i += 2) {
            values.put(pairs.get(i), pairs.get(i + 1));
        }
        return new StoreSettings("archive", "s3", values);
    }

    Bucket bucket(String... more) throws IOException {
        return new Bucket(S3Settings.of(settings(more)), StoreMeter.NONE);
    }

    /** Returns the means of a node for tests. */
    public static StoreResources resources() {
        return StoreResources.of(16 << 20, 64 << 20);
    }

    /** Removes all objects below a prefix. */
    void clear(Bucket bucket, String prefix) throws StorageException {
        Page page = bucket.list(prefix, false, null, 1000);
        while (!page.objects().isEmpty()) {
            bucket.delete(page.objects().stream().map(Facts::key).toList());
            page = bucket.list(prefix, false, null, 1000);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
