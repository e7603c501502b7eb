using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Testing;

/// <summary>A name resolver on loopback: a real HTTP server whose answers a test decides, and what it was asked.</summary>
public sealed class NameServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<NameQuery> _queries = [];
    private readonly SemaphoreSlim _asked = new(0);
    private readonly SemaphoreSlim _closed = new(0);
    private int _connections;

    private NameServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Use(CountAsync)));
        _application = builder.Build();
    }

    /// <summary>Where it is, such as <c>http://127.0.0.1:40000</c>.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>What it was asked so far.</summary>
    public IReadOnlyCollection<NameQuery> Queries => _queries;

    /// <summary>Connections it had so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The JSON of a record with this name, coins left out.</summary>
    public static string Record(string name) =>
        $$"""
        {"resolver":"0x2","owner":"0x1","name":"{{name}}","nickname":"A","website":"https://a.example","location":"",
         "simplexContact":["simplex:/contact#1"],"simplexChannel":[],"btc":null,"eth":"0x3","more":{"unknown":[1]} }
        """;

    /// <summary>Starts one that answers every request with <paramref name="answer"/>.</summary>
    public static async Task<NameServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var server = new NameServer();
        server._application.Run(async context =>
        {
            server.Note(context.Request);
            await answer(context);
        });
        await server._application.StartAsync();
        server.Endpoint = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    /// <summary>Answers with a status and a text.</summary>
    public static Task<NameServer> StartAsync(int status, string body) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    });

    /// <summary>Waits until it was asked once more than before.</summary>
    public Task AskedAsync(CancellationToken cancellation) => _asked.WaitAsync(cancellation);

    /// <summary>Waits until so many of its connections were closed.</summary>
    public async Task ClosedAsync(int count, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            await _closed.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _asked.Dispose();
        _closed.Dispose();
    }

    private async Task CountAsync(ConnectionContext connection, Func<Task> next)
    {
        Interlocked.Increment(ref _connections);
        await next();
        _closed.Release();
    }

    private void Note(HttpRequest request)
    {
        _queries.Enqueue(new NameQuery(
            request.Method, request.Path.Value + request.QueryString.Value, request.Headers.Accept.ToString(), request.Headers.Authorization.ToString()));
        _asked.Release();
    }
}

/// <summary>One request to a <see cref="NameServer"/>.</summary>
public sealed record NameQuery(string Method, string Path, string Accept, string Authorization);
