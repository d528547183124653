package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An account that sees more than one home, as in docs/accounts/examples.md. */
class WiderHomeTest extends CurlClient {
    private Program as(String user, String... arguments) {
        return curl("--user", user + ":" + ServerProcess.PASSWORD).with(arguments);
    }

    @Test
    @DisplayName("curl as an account whose home is the storage root: all homes, by its rules; others stay in their own")
    void everybody() throws Exception {
        write("of a user", TEN);
        Command.Result added = Command.withInput(
                ServerProcess.PASSWORD + "\n",
                server.dataDirectory(),
                "user",
                "add",
                "auditor",
                "--home",
                ".",
                "--allow",
                "/=read,list",
                "--password-stdin",
                "--set",
                "flotilla.storage.root=" + server.storage());
        assertEquals(0, added.exit(), added.err());
        try {
            String url = explicitUrl(account.name() + "/of%20a%20user");
            as("auditor", "-o", "got", url).run().ok();
            assertEquals(10, Files.size(local("got")));
            as("auditor", "-T", "got", url).run().exits(25);
            as("auditor", "-v", "-Q", "DELE " + account.name() + "/of a user", explicitUrl(""))
                    .run()
                    .containing("< 550 ");
            Program.Result seen =
                    as("auditor", "--list-only", explicitUrl("")).run().ok();
            seen.containing(account.name());
            assertFalse(seen.output().contains(".flotilla"), seen.output());
            curl(explicitUrl("../" + account.name() + "/of%20a%20user"))
                    .with("--path-as-is")
                    .run()
                    .exits(9);
            curl("-o", "got", explicitUrl("of%20a%20user")).run().ok();
        } finally {
            server.flotilla("user", "remove", "auditor");
        }
    }
}
