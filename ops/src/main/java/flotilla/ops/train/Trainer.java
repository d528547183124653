package flotilla.ops.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import flotilla.ops.train.TrainingClient.Mode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Uses a server as clients do: logins, small and large files, listings, renames and removals, with both versions of TLS
 * and each kind of data connection. It is a process of its own, so that the server's JVM records nothing of a client.
 */
public final class Trainer {
    private static final int SMALL_FILES = 40;
    private static final long SMALL = 10_240;
    private static final long LARGE = 16L << 20;
    private static final int LARGE_EVERY = 8;

    private final SSLContext context;
    private final int explicitPort;
    private final int implicitPort;
    private final String user;
    private final String password;

    private Trainer(SSLContext context, int explicitPort, int implicitPort, String user, String password) {
        this.context = context;
        this.explicitPort = explicitPort;
        this.implicitPort = implicitPort;
        this.user = user;
        this.password = password;
    }

    /**
     * Trains a server on this machine. It reads the user's password as a line from standard input.
     *
     * @param arguments the server's certificate, its explicit port, its implicit port, the user, and the milliseconds
     *     of the training
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        String password = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        Trainer trainer = new Trainer(
                trusting(Path.of(arguments[0])),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                arguments[3],
                String.valueOf(password));
        int rounds = trainer.run(Duration.ofMillis(Long.parseLong(arguments[4])));
        System.out.println("trained in " + rounds + " rounds");
    }

    private static SSLContext trusting(Path certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(null, trust.getTrustManagers(), null);
        return made;
    }

    /**
     * Runs rounds until the time is over, but at least one.
     *
     * @return their number
     */
    private int run(Duration time) throws IOException {
        long end = System.nanoTime() + time.toNanos();
        int round = 0;
        do {
            round(round++);
        } while (System.nanoTime() < end);
        return round;
    }

    /** Runs one session with typical commands of people and programs. */
    private void round(int number) throws IOException {
        String protocol = number % 3 == 0 ? "TLSv1.2" : "TLSv1.3";
        boolean implicit = number % 4 == 3;
        Mode mode = number % 5 == 4 ? Mode.EPRT : number % 5 == 2 ? Mode.PASV : Mode.EPSV;
        try (TrainingClient client = TrainingClient.login(
                context, protocol, implicit ? implicitPort : explicitPort, implicit, user, password)) {
            for (String line : new String[] {"SYST", "FEAT", "PWD", "TYPE I", "MKD d", "CWD d", "NOOP"}) {
                client.command(line, 2);
            }
            small(client, mode);
            if (number % LARGE_EVERY == 0) {
                client.store("STOR large", mode, LARGE);
                client.fetch("RETR large", mode);
                client.command("DELE large", 2);
            }
            client.command("CDUP", 2);
            client.command("RMD d", 2);
            client.command("QUIT", 2);
        }
    }

    private static void small(TrainingClient client, Mode mode) throws IOException {
        for (int i = 0; i < SMALL_FILES; i++) {
            client.store("STOR f" + i, mode, SMALL);
        }
        for (String listing : new String[] {"MLSD", "LIST", "NLST"}) {
            client.fetch(listing, mode);
        }
        for (int i = 0; i < SMALL_FILES; i++) {
            client.fetch("RETR f" + i, mode);
        }
        for (int i = 0; i < SMALL_FILES; i++) {
            if (i % 4 == 0) {
                client.command("SIZE f" + i, 2);
                client.command("MDTM f" + i, 2);
                client.command("RNFR f" + i, 3);
                client.command("RNTO g" + i, 2);
                client.command("DELE g" + i, 2);
            } else {
                client.command("DELE f" + i, 2);
            }
        }
    }
}
