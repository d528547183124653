package flotilla.storage;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;

@AnalyzeClasses(packages = "flotilla.storage", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    /** The root package counts as a slice, too. */
    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STORAGE_KNOWS_NO_ACTORS_CLUSTER_OR_SOCKETS = noClasses()
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "org.apache.pekko..",
                            "com.hazelcast..",
                            "io.netty..",
                            "java.net..",
                            "flotilla.node..",
                            "flotilla.cluster..",
                            "flotilla.ops..")
                    .and(not(equivalentTo(URI.class)))); // no other way leads from a path to its bytes and back

    @ArchTest
    static final ArchRule THE_INTERFACE_KNOWS_NO_BACKEND = noClasses()
            .that()
            .resideInAPackage("flotilla.storage")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..local..", "..s3..");

    @ArchTest
    static final ArchRule ONLY_THE_S3_STORE_USES_THE_SDK_OF_AWS = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.storage.s3")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    @ArchTest
    static final ArchRule THE_INTERFACE_NEEDS_NO_FILES = noClasses()
            .that()
            .resideInAPackage("flotilla.storage")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.nio.channels..");
}
