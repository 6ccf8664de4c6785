package dev.origingate.shop;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the shop until a signal stops it. */
@Command(name = "shop", mixinStandardHelpOptions = true, sortOptions = false,
        description = "A shop's orders over HTTP, each confirmed once Origin Gate has answered for it.")
final class Main implements Callable<Integer> {
    @Mixin
    private Settings settings;

    public static void main(String[] words) {
        int code = new CommandLine(new Main())
                .setExecutionExceptionHandler((failed, command, parsed) -> {
                    command.getErr().println("The shop cannot start: " + failed);
                    return 1;
                })
                .execute(words);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws Exception {
        Shop shop = Shop.open(settings);
        // The exit code of a signal is the JVM's own, unless what it stands for is done: then it is 0.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            shop.close();
            Runtime.getRuntime().halt(0);
        }));
        Thread.currentThread().join();
        return 0;
    }
}
