package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticatorKeysTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private Configuration load(String order, String... named) throws ConfigException {
        List<String> settings = new java.util.ArrayList<>(
                List.of("flotilla.data-dir=" + directory, "flotilla.authenticators.order=" + order));
        settings.addAll(List.of(named));
        return Configuration.load(Optional.empty(), Map.of(), settings);
    }

    @Test
    @DisplayName("authenticators are asked in the order of the configuration")
    void order() throws Exception {
        Configuration configuration = load(
                "ldap,accounts",
                "flotilla.authenticators.named.ldap.type=ldap",
                "flotilla.authenticators.named.ldap.secret=hunter2");
        assertEquals(
                List.of("ldap", "accounts"),
                configuration.node().login().authenticators().order());
        assertEquals(
                "hunter2",
                configuration.extensions().authenticators().get(0).settings().getString("secret"));
        assertTrue(!configuration.toString().contains("hunter2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "accounts,ldap|flotilla.authenticators.named.other.type=x|has ldap, which flotilla.authenticators.named does not have",
                "accounts|flotilla.authenticators.named.ldap.type=x|does not have ldap, so it would never be asked",
                "accounts,accounts|flotilla.authenticators.threads=1|has a name twice",
                "accounts|flotilla.authenticators.named.accounts.type=x|may not name one accounts",
                "accounts,ldap|flotilla.authenticators.named.ldap.host=x|needs a type",
                "accounts|flotilla.authenticators.patience=1ms|must be at least 100 ms",
            })
    @DisplayName("a mistake is named")
    void mistakes(String order, String setting, String problem) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(order, setting));
        assertTrue(refused.getMessage().contains(problem), refused::getMessage);
    }

    @Test
    @DisplayName("an empty order is refused: nobody could log in")
    void nobody() {
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> Configuration.load(
                        Optional.empty(),
                        Map.of(),
                        List.of("flotilla.data-dir=" + directory, "flotilla.authenticators.order=[]")));
        assertTrue(refused.getMessage().contains("nobody could log in"), refused::getMessage);
    }
}
