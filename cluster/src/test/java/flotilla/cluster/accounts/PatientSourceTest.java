package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PatientSourceTest {
    private static final String URL = "jdbc:refusing:";
    private static final Connection CONNECTION = (Connection) Proxy.newProxyInstance(
            PatientSourceTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                throw new UnsupportedOperationException();
            });

    private final Refusing database = new Refusing();

    @BeforeEach
    void register() throws SQLException {
        DriverManager.registerDriver(database);
    }

    @AfterEach
    void deregister() throws SQLException {
        DriverManager.deregisterDriver(database);
    }

    @Test
    @DisplayName("a database that comes back meanwhile is met by the same request")
    void comesBack() throws SQLException {
        database.refusals = 3;
        assertSame(CONNECTION, new PatientSource(URL, Duration.ofMinutes(1)).getConnection());
        assertEquals(4, database.attempts);
    }

    @Test
    @DisplayName("its refusal is told before the time of a connection is over")
    void staysAway() {
        database.refusals = Integer.MAX_VALUE;
        SQLException failure =
                assertThrows(SQLException.class, () -> new PatientSource(URL, Duration.ofMillis(250)).getConnection());
        assertEquals("08001", failure.getSQLState());
    }

    @Test
    @DisplayName("a wrong password is told at once")
    void wrongPassword() {
        database.refusals = 1;
        database.state = "28P01";
        assertThrows(SQLException.class, () -> new PatientSource(URL, Duration.ofMinutes(1)).getConnection());
        assertEquals(1, database.attempts);
    }

    private static final class Refusing implements Driver {
        private String state = "08001";
        private int refusals;
        private int attempts;

        @Override
        public Connection connect(String url, Properties info) throws SQLException {
            attempts++;
            if (attempts <= refusals) {
                throw new SQLException("refused", state);
            }
            return CONNECTION;
        }

        @Override
        public boolean acceptsURL(String url) {
            return url.equals(URL);
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
            return new DriverPropertyInfo[0];
        }

        @Override
        public int getMajorVersion() {
            return 1;
        }

        @Override
        public int getMinorVersion() {
            return 0;
        }

        @Override
        public boolean jdbcCompliant() {
            return false;
        }

        @Override
        public Logger getParentLogger() {
            return Logger.getLogger(URL);
        }
    }
}
