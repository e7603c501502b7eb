using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SimplexActors.Nodes.Hosting;

/// <summary>The log: one line per record on standard error; standard output is for what a command prints (O-198).</summary>
internal static class RouterLogging
{
    /// <summary>Loggers that write records of <paramref name="level"/> and above. Dispose to write what is waiting.</summary>
    public static ILoggerFactory Create(LogLevel level) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(level)
        // Kestrel does not see that TLS runs in front of it and warns that HTTP/2 needs it.
        .AddFilter("Microsoft.AspNetCore.Server.Kestrel", level < LogLevel.Information ? level : LogLevel.Error)
        .AddFilter("Microsoft", level < LogLevel.Information ? level : LogLevel.Warning)
        .AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
            options.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        })
        .Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace));
}
