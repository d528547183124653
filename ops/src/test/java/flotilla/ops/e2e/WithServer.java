package flotilla.ops.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tests of this class get a running server as a parameter; classes with the same settings share it. */
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Servers.class)
public @interface WithServer {
    /** What differs from the settings of a test server, as for {@link ServerProcess#start}. */
    String[] value() default {};
}
