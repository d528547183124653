package flotilla.ops.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Gives tests of this class a running server as a parameter. Classes with the same settings share it. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Servers.class)
public @interface WithServer {
    /** Settings that differ from those of a test server, as for {@link ServerProcess#start}. */
    String[] value() default {};
}
