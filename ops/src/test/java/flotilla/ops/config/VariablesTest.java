package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private static List<String> warnings(String variable) {
        return Configuration.unknownVariables(Map.of(variable, "secret", "PATH", "/bin"));
    }

    @ParameterizedTest
    @CsvSource({
        "FLOTILLA_LIMITS_MAX_SESSION, FLOTILLA_LIMITS_MAX_SESSIONS",
        "FLOTILLA_LISTENER_BIND, FLOTILLA_LISTENERS_BIND",
        "FLOTILLA_TOKENS, FLOTILLA_TOKEN"
    })
    @DisplayName("a misspelt variable is told, with the one that may have been meant and without its value")
    void misspelt(String wrong, String right) {
        assertEquals(
                List.of("the environment variable " + wrong + " sets no key, did you mean " + right + "?"),
                warnings(wrong));
    }

    @Test
    @DisplayName("a variable that is near to none is told, too")
    void strange() {
        assertEquals(
                List.of("the environment variable FLOTILLA_SOMETHING_ELSE_ALTOGETHER sets no key"),
                warnings("FLOTILLA_SOMETHING_ELSE_ALTOGETHER"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FLOTILLA_LIMITS_MAX_SESSIONS",
                "FLOTILLA_CONFIG",
                "FLOTILLA_PORT",
                "FLOTILLA_PORT_2121_TCP_ADDR",
                "FLOTILLA_SERVICE_HOST",
                "FLOTILLA_NODES_SERVICE_PORT_CLUSTER"
            })
    @DisplayName("variables of keys, of the launcher, and of Kubernetes are not told")
    void known(String variable) {
        assertEquals(List.of(), warnings(variable));
    }
}
