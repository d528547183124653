package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Uploads over existing files, through a network that breaks at random bytes. The server then has the old file or the
 * new one, and the new one if the client reported success. {@code -Dflotilla.broken.uploads} sets the number of uploads
 * of each client, and {@code -Dflotilla.broken.seed} the first seed.
 */
@Timeout(1800)
@WithServer("flotilla.login.max-bans=1000")
class BrokenUploadsTest extends Client {
    private static final int UPLOADS = Integer.getInteger("flotilla.broken.uploads", 6);
    private static final long SEED = Long.getLong("flotilla.broken.seed", 1);

    private final StringBuilder outputs = new StringBuilder();
    private Relay relay;
    private Random random;

    @BeforeEach
    void relay() throws Exception {
        relay = new Relay(server.explicitPort(), server.firstPassivePort(), server.passivePorts(), SEED);
        random = new Random(SEED);
    }

    @AfterEach
    void close() throws Exception {
        relay.close();
    }

    private String url() {
        return "ftp://" + Relay.ADDRESS + ":" + server.explicitPort() + "/";
    }

    /** Uploads {@code name} with a client, and tells whether the client reports success. */
    @FunctionalInterface
    private interface Upload {
        boolean isDone(String name) throws Exception;
    }

    /**
     * Uploads random files over old ones, and checks which of both the server has.
     *
     * @param stores whether some of the uploads must succeed
     * @param least smallest old file, in percent of the new one
     * @param most largest old file, in percent of the new one
     */
    private void uploads(int least, int most, boolean stores, Upload upload) throws Exception {
        int done = 0;
        for (int i = 0; i < UPLOADS; i++) {
            String name = "f" + i;
            byte[] sent = random(100_000 + random.nextInt(300_000));
            byte[] old = random((int) ((long) sent.length * (least + random.nextInt(most - least + 1)) / 100));
            write(name, old);
            Files.write(local(name), sent);
            relay.cutUploads(1 + random.nextInt(3), sent.length);
            boolean stored = upload.isDone(name);
            if (!stored && !Files.exists(file(name))) {
                continue; // the client has removed the old one
            }
            byte[] found = Files.readAllBytes(file(name));
            assertTrue(
                    Arrays.equals(sent, found) || !stored && Arrays.equals(old, found),
                    () -> "seed " + SEED + ", " + name + ": neither the old file (" + old.length + ") nor the new one ("
                            + sent.length + ") but " + found.length + " bytes, stored: " + stored);
            done += stored ? 1 : 0;
        }
        if (UPLOADS > 2 && stores) {
            assertTrue(done > 0, () -> "no upload was stored at all: " + outputs);
        }
    }

    private byte[] random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private boolean lftp(String commands) throws Exception {
        return lftp(commands, 110);
    }

    /**
     * Runs a client.
     *
     * @param seconds time after which it is ended, because it may wait for itself for ever; such an upload is no
     *     success
     */
    private boolean lftp(String commands, int seconds) throws Exception {
        String script =
                "set cmd:fail-exit true; set ftp:ssl-force true; set ssl:check-hostname false; set net:max-retries 6;"
                        + "set net:reconnect-interval-base 1; set net:reconnect-interval-multiplier 1; set net:timeout 20; set xfer:clobber true; set ssl:ca-file "
                        + server.certificate() + ";\nopen -u " + account.name() + "," + account.password() + " " + url()
                        + "\n"
                        + commands + "\n";
        Program.Result result = Program.of(work, "timeout", String.valueOf(seconds), "lftp", "--norc", "-c", script)
                .run();
        outputs.append(result.output());
        return result.exit() == 0;
    }

    @Test
    @DisplayName("lftp put over an existing file: the old one or the new one")
    void lftpPut() throws Exception {
        uploads(10, 90, true, name -> lftp("put " + name));
    }

    @Test
    @DisplayName(
            "lftp put over a longer file: it takes the old one's size for its own progress, and the old one stays whole")
    void lftpPutOverLonger() throws Exception {
        uploads(110, 200, false, name -> {
            boolean believed = lftp("put " + name, 20);
            return believed && Files.size(file(name)) == Files.size(local(name));
        });
    }

    @Test
    @DisplayName("lftp mirror -R -c over an existing file: the old one or the new one")
    void lftpMirror() throws Exception {
        uploads(10, 200, true, name -> {
            Path tree = local("tree-" + name);
            Files.createDirectories(tree);
            Files.move(local(name), tree.resolve(name));
            Files.setLastModifiedTime(file(name), java.nio.file.attribute.FileTime.fromMillis(0));
            return lftp("mirror -R -c " + tree.getFileName() + " .");
        });
    }

    @Test
    @DisplayName("lftp reput of a file whose beginning is there: all of it")
    void lftpReput() throws Exception {
        for (int i = 0; i < UPLOADS; i++) {
            byte[] sent = random(100_000 + random.nextInt(300_000));
            byte[] old = Arrays.copyOf(sent, random.nextInt(sent.length));
            write("f", old);
            Files.write(local("f"), sent);
            relay.cutUploads(1 + random.nextInt(3), sent.length - old.length + 1);
            boolean stored = lftp("reput f");
            assertArrayEquals(stored ? sent : old, Files.readAllBytes(file("f")));
        }
    }

    @Test
    @DisplayName("curl -C - after a broken upload: the old one or the new one")
    void curl() throws Exception {
        uploads(10, 90, false, name -> {
            boolean stored = curl("-T", name, url());
            for (int again = 0; again < 4 && !stored; again++) {
                stored = curl("-C", "-", "-T", name, url());
            }
            return stored;
        });
    }

    @Test
    @DisplayName("curl -C - after a broken upload of a new file goes on and stores it")
    void curlNew() throws Exception {
        for (int i = 0; i < UPLOADS; i++) {
            String name = "new" + i;
            byte[] sent = random(400_000);
            Files.write(local(name), sent);
            relay.cutUploads(1, sent.length);
            boolean stored = curl("-T", name, url());
            for (int again = 0; again < 4 && !stored; again++) {
                stored = curl("-C", "-", "-T", name, url());
            }
            assertTrue(stored, name);
            assertArrayEquals(sent, Files.readAllBytes(file(name)));
        }
    }

    private boolean curl(String... arguments) throws Exception {
        return Program.of(work, "curl", "-sS", "--max-time", "60", "--ssl-reqd", "--insecure")
                        .with("--user", account.name() + ":" + account.password())
                        .with(arguments)
                        .run()
                        .exit()
                == 0;
    }

    @Test
    @DisplayName("rclone copy over an existing file: the old one or the new one")
    void rclone() throws Exception {
        String obscured = Program.of(work, "rclone", "obscure", account.password())
                .run()
                .ok()
                .output()
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow();
        uploads(
                10,
                200,
                true,
                name -> Program.of(work, "rclone", "copyto", name, ":ftp:" + name)
                                .with("--config", local("rclone.conf").toString(), "--contimeout", "20s")
                                .with("--retries", "5", "--ignore-times", "--ftp-concurrency", "1")
                                .environment("RCLONE_FTP_HOST", Relay.ADDRESS)
                                .environment("RCLONE_FTP_PORT", String.valueOf(server.explicitPort()))
                                .environment("RCLONE_FTP_USER", account.name())
                                .environment("RCLONE_FTP_PASS", obscured)
                                .environment("RCLONE_FTP_EXPLICIT_TLS", "true")
                                .environment("RCLONE_FTP_NO_CHECK_CERTIFICATE", "true")
                                .run()
                                .exit()
                        == 0);
    }

    @Test
    @DisplayName("Python resumes by SIZE and REST over an existing file: the old one or the new one")
    void python() throws Exception {
        uploads(10, 200, true, name -> {
            List<String> arguments = List.of(
                    Relay.ADDRESS,
                    String.valueOf(server.explicitPort()),
                    server.certificate().toString(),
                    account.name(),
                    account.password(),
                    name,
                    name);
            return Program.script(work, "python3", "resume.py", arguments.toArray(new String[0]))
                            .run()
                            .exit()
                    == 0;
        });
    }
}
