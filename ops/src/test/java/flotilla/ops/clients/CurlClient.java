package flotilla.ops.clients;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;

/** Gives the tests curl as their client. */
abstract class CurlClient extends Client {
    /** Returns curl as the test's user, with TLS required. */
    Program curl(String... arguments) {
        return curl(work, server, account, arguments);
    }

    /** Returns curl as a user of a server, with TLS required, to run in {@code work}. */
    static Program curl(Path work, ServerProcess server, Account account, String... arguments) {
        return Program.of(
                        work,
                        "curl",
                        "-sS",
                        "--fail",
                        "--max-time",
                        "60",
                        "--ssl-reqd",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        account.name() + ":" + account.password())
                .with(arguments);
    }
}
